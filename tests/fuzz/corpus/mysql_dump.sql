m/*M!999999\- enable the sandbox mode */
-- Host: localhost
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `log`;
CREATE TABLE `log` (`id` int, `no``te` varchar(9) COMMENT 'it\'s; "fine"', KEY `k` (`id`)) ENGINE=InnoDB;
LOCK TABLES `log` WRITE;
INSERT INTO `log` VALUES (1,'a; b',NULL),(2,'it\'s -- no comment',2.5),(3,'\\',-1);
UNLOCK TABLES;
DELIMITER //
CREATE TRIGGER r BEFORE INSERT ON log FOR EACH ROW BEGIN SET NEW.id = 1; END //
DELIMITER ;
use other
# a comment
select 1\G
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
SELECT '\';
